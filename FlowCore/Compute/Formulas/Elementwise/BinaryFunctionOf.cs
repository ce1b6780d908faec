namespace FlowCore.Compute;

/// <summary>The entry of a formula in the list of functions.</summary>
/// <typeparam name="F">The formula.</typeparam>
internal sealed class BinaryFunctionOf<F>(string name, int index) : BinaryFunction(name, index)
    where F : struct, IBinaryFormula
{
    public override double Lowest => F.Lowest;

    internal override void Accept<TVisitor>(ref TVisitor visitor) => visitor.Visit<F>();
}
