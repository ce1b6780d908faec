namespace FlowCore.Compute;

/// <summary>The entry of a formula in the list of functions.</summary>
/// <typeparam name="F">The formula.</typeparam>
internal sealed class UnaryFunctionOf<F>(string name, int index) : UnaryFunction(name, index)
    where F : struct, IUnaryFormula
{
    public override bool DerivativeNeedsArgument => F.DerivativeNeedsArgument;

    public override double Lowest => F.Lowest;

    public override double Highest => F.Highest;

    internal override void Accept<TVisitor>(ref TVisitor visitor) => visitor.Visit<F>();
}
