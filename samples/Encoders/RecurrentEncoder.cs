using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Networks;
using FlowCore.Parts;

namespace Encoders;

/// <summary>An encoder of sequences of one's own, a gated recurrent unit: r, u = σ(·), c = tanh(W x + r ∘ (U h + b)), h ← (1 − u) c + u h; the code is the state after the last item.</summary>
/// <remarks>Cho and others 2014, "Learning phrase representations using RNN encoder-decoder", with the reset behind the product.</remarks>
internal sealed class RecurrentEncoder<T> : RaggedEncoder<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _gates;
    private readonly Network<T> _input;
    private readonly Network<T> _state;

    public RecurrentEncoder(RaggedLayout layout, int units, string name = "recurrent")
        : this(
            layout, new Mlp<T>([layout.ItemFeatures + units, 2 * units], UnaryFunction.Identity, $"{name}.gates"),
            new Mlp<T>([layout.ItemFeatures, units], UnaryFunction.Identity, $"{name}.input"), new Mlp<T>([units, units], UnaryFunction.Identity, $"{name}.state"))
    {
    }

    private RecurrentEncoder(RaggedLayout layout, Network<T> gates, Network<T> input, Network<T> state)
        : base(layout, state.Outputs, [.. gates.Parameters, .. input.Parameters, .. state.Parameters]) => (_gates, _input, _state) = (gates, input, state);

    public static string Kind => "sample-recurrent-encoder";

    public static Part<T> Read(PartReader<T> reader) => new RecurrentEncoder<T>(
        new RaggedLayout(reader.Size("maximum_items"), reader.Size("item_features")),
        reader.Part<Network<T>>("gates"), reader.Part<Network<T>>("input"), reader.Part<Network<T>>("state"));

    protected override void Write(PartWriter writer)
    {
        writer.Write("maximum_items", Layout.MaximumItems);
        writer.Write("item_features", Layout.ItemFeatures);
        writer.Write("gates", _gates);
        writer.Write("input", _input);
        writer.Write("state", _state);
    }

    protected override Variable<T> Encode(Tape<T> tape, in RaggedBlock<T> events)
    {
        var h = tape.Zeros(Outputs);
        for (var j = 0; j < events.Longest; j++)
        {
            var x = events.Item(j);
            var gates = _gates.Apply(VariableFunctions.Concatenate(x, h)).Sigmoid();
            var (reset, update) = (gates.Slice(0, Outputs), gates.Slice(Outputs, Outputs));
            var candidate = (_input.Apply(x) + (reset * _state.Apply(h))).Tanh();
            var next = candidate + (update * (h - candidate));

            // A sequence that has ended keeps its state.
            var has = events.Has(j);
            h = has.IsNone ? next : has.Where(next, h);
        }

        return h;
    }
}
