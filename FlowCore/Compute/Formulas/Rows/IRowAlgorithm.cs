namespace FlowCore.Compute;

/// <summary>An algorithm on the columns of a row, as a type: devices run it for every row. It uses no memory beside its operands.</summary>
/// <typeparam name="C">How it reaches the operands.</typeparam>
internal interface IRowAlgorithm<C>
    where C : struct
{
    /// <summary>Runs one item of a row; items touch different results, so a device may run them side by side.</summary>
    /// <param name="shape">The sizes and settings.</param>
    /// <param name="item">Which item.</param>
    /// <param name="a">The first operand; what the operands are, and which are not looked at, is the algorithm's to say.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="c">The third operand.</param>
    /// <param name="d">The fourth operand.</param>
    /// <param name="e">The fifth operand.</param>
    static abstract void Run(in RowShape shape, int item, C a, C b, C c, C d, C e);
}
