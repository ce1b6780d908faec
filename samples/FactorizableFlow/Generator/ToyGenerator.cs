using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowCore.Random;

namespace FactorizableFlow.Generator;

/// <summary>
/// Draws events of the toy: a class (0 for A, 1 for B, equally likely), x given the class and y given both; the formulas are at
/// <see cref="ToyTruth"/>.
/// </summary>
/// <remarks>
/// Event i is a pure function of the stream and i: ranges of events may be drawn in any order, split and by any number of threads.
/// As float, sixteen events share a vector and the bits are the same on every machine; as double, each event goes through the
/// runtime's <see cref="Math"/>, and float and double draw different events. Immutable; safe from any thread as long as the
/// destinations do not overlap; nothing is allocated.
/// </remarks>
public sealed class ToyGenerator
{
    // Events drawn at a time on the stack: a multiple of the sixteen lanes.
    private const int ChunkEvents = 128;

    // Substreams: one a random number of the event, so that each is filled contiguously.
    private const ulong ClassSubstream = 0, FirstNormalSubstream = 1;

    private readonly ToyTruth _truth;

    /// <summary>A generator at the settings' nuisances.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ToyGenerator(GeneratorSettings settings) => _truth = new ToyTruth(settings);

    /// <summary>The settings, nuisances included.</summary>
    public GeneratorSettings Settings => _truth.Settings;

    /// <summary>The densities from which this generator draws.</summary>
    public ToyTruth Truth => _truth;

    /// <summary>Draws whole events.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="stream">Source of the randomness.</param>
    /// <param name="firstEvent">Index of the first event, at least 0.</param>
    /// <param name="count">How many events, at least 0.</param>
    /// <param name="x">Receives x, row-major [count, 2].</param>
    /// <param name="y">Receives y, row-major [count, 2].</param>
    /// <param name="classLabel">Receives 0 (A) or 1 (B), [count].</param>
    /// <exception cref="ArgumentException">A destination has another length than count demands.</exception>
    public void Generate<T>(RandomStream stream, long firstEvent, int count, Span<T> x, Span<T> y, Span<int> classLabel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(firstEvent, count);
        CheckLength(x.Length, count, 2, nameof(x));
        CheckLength(y.Length, count, 2, nameof(y));
        CheckLength(classLabel.Length, count, 1, nameof(classLabel));
        Span<T> columns = stackalloc T[4 * ChunkEvents];
        Span<uint> labels = stackalloc uint[ChunkEvents];
        for (var start = 0; start < count; start += ChunkEvents)
        {
            var n = Math.Min(ChunkEvents, count - start);
            Draw(stream, (ulong)(firstEvent + start), n, withY: true, columns, labels);
            for (var i = 0; i < n; i++)
            {
                var row = start + i;
                x[2 * row] = columns[i];
                x[(2 * row) + 1] = columns[ChunkEvents + i];
                y[2 * row] = columns[(2 * ChunkEvents) + i];
                y[(2 * row) + 1] = columns[(3 * ChunkEvents) + i];
                classLabel[row] = (int)labels[i];
            }
        }
    }

    /// <summary>Draws what the kinematic model is trained on: x, in the context of the class. The same events as <see cref="Generate"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="stream">Source of the randomness.</param>
    /// <param name="firstEvent">Index of the first event, at least 0.</param>
    /// <param name="count">How many events, at least 0.</param>
    /// <param name="features">Receives x, row-major [count, 2].</param>
    /// <param name="context">Receives the class as (1, 0) for A or (0, 1) for B, row-major [count, 2].</param>
    /// <exception cref="ArgumentException">A destination has another length than count demands.</exception>
    public void FillKinematic<T>(RandomStream stream, long firstEvent, int count, Span<T> features, Span<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(firstEvent, count);
        CheckLength(features.Length, count, 2, nameof(features));
        CheckLength(context.Length, count, 2, nameof(context));
        Span<T> columns = stackalloc T[4 * ChunkEvents];
        Span<uint> labels = stackalloc uint[ChunkEvents];
        for (var start = 0; start < count; start += ChunkEvents)
        {
            var n = Math.Min(ChunkEvents, count - start);
            Draw(stream, (ulong)(firstEvent + start), n, withY: false, columns, labels);
            for (var i = 0; i < n; i++)
            {
                var row = start + i;
                features[2 * row] = columns[i];
                features[(2 * row) + 1] = columns[ChunkEvents + i];
                context[2 * row] = labels[i] == 0 ? T.One : T.Zero;
                context[(2 * row) + 1] = labels[i] == 0 ? T.Zero : T.One;
            }
        }
    }

    /// <summary>Draws what the score model is trained on: y, in the context of class and x. The same events as <see cref="Generate"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="stream">Source of the randomness.</param>
    /// <param name="firstEvent">Index of the first event, at least 0.</param>
    /// <param name="count">How many events, at least 0.</param>
    /// <param name="features">Receives y, row-major [count, 2].</param>
    /// <param name="context">Receives the class as (1, 0) or (0, 1), then x: row-major [count, 4].</param>
    /// <exception cref="ArgumentException">A destination has another length than count demands.</exception>
    public void FillScore<T>(RandomStream stream, long firstEvent, int count, Span<T> features, Span<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(firstEvent, count);
        CheckLength(features.Length, count, 2, nameof(features));
        CheckLength(context.Length, count, 4, nameof(context));
        Span<T> columns = stackalloc T[4 * ChunkEvents];
        Span<uint> labels = stackalloc uint[ChunkEvents];
        for (var start = 0; start < count; start += ChunkEvents)
        {
            var n = Math.Min(ChunkEvents, count - start);
            Draw(stream, (ulong)(firstEvent + start), n, withY: true, columns, labels);
            for (var i = 0; i < n; i++)
            {
                var row = start + i;
                features[2 * row] = columns[(2 * ChunkEvents) + i];
                features[(2 * row) + 1] = columns[(3 * ChunkEvents) + i];
                context[4 * row] = labels[i] == 0 ? T.One : T.Zero;
                context[(4 * row) + 1] = labels[i] == 0 ? T.Zero : T.One;
                context[(4 * row) + 2] = columns[i];
                context[(4 * row) + 3] = columns[ChunkEvents + i];
            }
        }
    }

    // Columns x1, x2, y1, y2 of ChunkEvents each; on entry they hold the event's four normals, on return its coordinates.
    private void Draw<T>(RandomStream stream, ulong firstEvent, int count, bool withY, Span<T> columns, Span<uint> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        stream.Substream(ClassSubstream).FillUInt32(labels[..count], firstEvent);
        for (var i = 0; i < count; i++)
            labels[i] >>= 31;

        for (var column = 0; column < (withY ? 4 : 2); column++)
        {
            stream.Substream(FirstNormalSubstream + (ulong)column)
                .FillNormal(columns.Slice(column * ChunkEvents, count), firstEvent);
        }

        if (typeof(T) == typeof(float))
            TransformSingle(count, withY, MemoryMarshal.Cast<T, float>(columns), labels);
        else
            TransformDouble(count, withY, MemoryMarshal.Cast<T, double>(columns), labels);
    }

    private void TransformDouble(int count, bool withY, Span<double> columns, ReadOnlySpan<uint> labels)
    {
        for (var i = 0; i < count; i++)
        {
            var c = _truth.Class((int)labels[i]);
            var n1 = columns[i];
            var n2 = columns[ChunkEvents + i];
            var x1 = c.Centroid.First + (c.Map11 * n1) + (c.Map12 * n2);
            var x2 = c.Centroid.Second + (c.Map21 * n1) + (c.Map22 * n2);
            columns[i] = x1;
            columns[ChunkEvents + i] = x2;
            if (!withY)
                continue;

            var m1 = columns[(2 * ChunkEvents) + i];
            var m2 = columns[(3 * ChunkEvents) + i];
            var y = ToyTruth.Conditional(c, x1, x2);
            var rest = Math.Sqrt(1 - (y.Correlation * y.Correlation));
            var y1 = y.Mean.First + (y.Sigma.First * m1);
            var y2 = y.Mean.Second + (y.Sigma.Second * ((y.Correlation * m1) + (rest * m2)));
            if (Settings.IsDistorted)
            {
                (var sine, var cosine) = Math.SinCos(ToyTruth.RotationAngle(c, x1, x2));
                var u1 = (cosine * y1) - (sine * y2);
                var u2 = (sine * y1) + (cosine * y2);
                var sheared = c.Shear * (u1 - u2);
                y1 = u1 + sheared;
                y2 = u2 - sheared;
            }

            if (Settings.SigmoidY)
            {
                y1 = 1 / (1 + Math.Exp(-y1));
                y2 = 1 / (1 + Math.Exp(-y2));
            }

            columns[(2 * ChunkEvents) + i] = y1;
            columns[(3 * ChunkEvents) + i] = y2;
        }
    }

    // A lane holds one event. The last group may run past count into lanes that hold an earlier chunk's values or zeros: they are
    // computed like the others and never read. TransformDouble is the scalar formula.
    private void TransformSingle(int count, bool withY, Span<float> columns, Span<uint> labels)
    {
        var a = _truth.Class(0);
        var b = _truth.Class(1);
        ref var x1Column = ref MemoryMarshal.GetReference(columns);
        ref var x2Column = ref Unsafe.Add(ref x1Column, ChunkEvents);
        ref var y1Column = ref Unsafe.Add(ref x1Column, 2 * ChunkEvents);
        ref var y2Column = ref Unsafe.Add(ref x1Column, 3 * ChunkEvents);
        for (nuint i = 0; i < (nuint)count; i += 16)
        {
            var isB = Vector512.Equals(
                Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(labels), i), Vector512.Create(1u)).AsSingle();
            var n1 = Vector512.LoadUnsafe(ref x1Column, i);
            var n2 = Vector512.LoadUnsafe(ref x2Column, i);
            var x1 = Vector512.FusedMultiplyAdd(
                Select(isB, b.Map11, a.Map11), n1, Select(isB, b.Centroid.First, a.Centroid.First));
            var x2 = Vector512.FusedMultiplyAdd(
                Select(isB, b.Map21, a.Map21), n1, Select(isB, b.Centroid.Second, a.Centroid.Second));
            x1 = Vector512.FusedMultiplyAdd(Select(isB, b.Map12, a.Map12), n2, x1);
            x2 = Vector512.FusedMultiplyAdd(Select(isB, b.Map22, a.Map22), n2, x2);
            x1.StoreUnsafe(ref x1Column, i);
            x2.StoreUnsafe(ref x2Column, i);
            if (!withY)
                continue;

            var shift = Select(isB, b.YShift, a.YShift) * VectorMath.Tanh(x1);
            var mean1 = VectorMath.SinCos(Vector512.Create(1.5f) * x1).Sine;
            mean1 = Vector512.FusedMultiplyAdd(Vector512.Create(0.3f), x2, mean1) + shift;
            var mean2 = Vector512.FusedMultiplyAdd(Vector512.Create(0.3f) * x1, x1, Vector512.Create(-1.2f));
            mean2 = Vector512.FusedMultiplyAdd(Vector512.Create(0.5f), VectorMath.SinCos(x2).Sine, mean2) - shift;
            var sigma1 = VectorMath.Softplus(
                Vector512.FusedMultiplyAdd(Vector512.Create(0.4f), x1, Vector512.Create(0.1f)));
            var sigma2 = VectorMath.Softplus(
                Vector512.FusedMultiplyAdd(Vector512.Create(-0.2f), x1, Vector512.Create(0.4f)));
            sigma1 *= Select(isB, b.YStretch, a.YStretch);
            sigma2 *= Select(isB, 1 / b.YStretch, 1 / a.YStretch);
            var correlation = Vector512.Create(0.8f) * VectorMath.Tanh(Vector512.Create(0.5f) * (x1 + x2));
            var rest = Vector512.Sqrt(Vector512.FusedMultiplyAdd(-correlation, correlation, Vector512.Create(1f)));

            var m1 = Vector512.LoadUnsafe(ref y1Column, i);
            var m2 = Vector512.LoadUnsafe(ref y2Column, i);
            var y1 = Vector512.FusedMultiplyAdd(sigma1, m1, mean1);
            var y2 = Vector512.FusedMultiplyAdd(
                sigma2, Vector512.FusedMultiplyAdd(correlation, m1, rest * m2), mean2);
            if (Settings.IsDistorted)
            {
                var radius = Vector512.Sqrt((x1 * x1) + (x2 * x2));
                var angle = Select(isB, b.Rotation, a.Rotation) * VectorMath.Tanh(x1 + x1)
                    / Vector512.FusedMultiplyAdd(Vector512.Create(0.7f), radius, Vector512.Create(0.5f));
                (var sine, var cosine) = VectorMath.SinCos(angle);
                var u1 = (cosine * y1) - (sine * y2);
                var u2 = (sine * y1) + (cosine * y2);
                var sheared = Select(isB, b.Shear, a.Shear) * (u1 - u2);
                y1 = u1 + sheared;
                y2 = u2 - sheared;
            }

            if (Settings.SigmoidY)
            {
                y1 = VectorMath.Sigmoid(y1);
                y2 = VectorMath.Sigmoid(y2);
            }

            y1.StoreUnsafe(ref y1Column, i);
            y2.StoreUnsafe(ref y2Column, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Select(Vector512<float> isB, double b, double a) =>
        Vector512.ConditionalSelect(isB, Vector512.Create((float)b), Vector512.Create((float)a));

    private static void CheckRange(long firstEvent, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstEvent);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
    }

    private static void CheckLength(int length, int count, int columns, string name)
    {
        if (length != (long)count * columns)
        {
            throw new ArgumentException(
                $"{count} events need {(long)count * columns} elements ([{count}, {columns}]), but there are {length}.", name);
        }
    }
}
