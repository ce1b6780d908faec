namespace FlowCore.Compute;

/// <summary>What is done with the formula of a function that is known by its object only.</summary>
internal interface IBinaryVisitor
{
    /// <summary>Called by <see cref="BinaryFunction.Accept"/> with the formula of the function.</summary>
    /// <typeparam name="F">The formula.</typeparam>
    void Visit<F>()
        where F : struct, IBinaryFormula;
}
