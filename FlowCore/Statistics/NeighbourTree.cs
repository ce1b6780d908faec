namespace FlowCore.Statistics;

/// <summary>Points in a k-d tree (Bentley 1975): the distance of each to its k-th nearest neighbour in about log n steps, where the features are few.</summary>
internal sealed class NeighbourTree
{
    // Below this many points a scan is faster than a descent.
    private const int LeafSize = 16;

    private readonly double[] _points;
    private readonly int _features;
    private readonly int[] _order;

    /// <param name="points">Row-major [n, features], kept.</param>
    /// <param name="features">The features.</param>
    public NeighbourTree(double[] points, int features)
    {
        _points = points;
        _features = features;
        _order = new int[points.Length / features];
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        Build(0, _order.Length, 0, new double[_order.Length]);
    }

    /// <summary>The squared distance of a point to its k-th nearest neighbour, itself not counted.</summary>
    public double SquaredDistance(int point, int neighbours)
    {
        var nearest = neighbours <= 64 ? stackalloc double[neighbours] : new double[neighbours];
        nearest.Fill(double.PositiveInfinity);
        Search(0, _order.Length, 0, point, nearest);
        return nearest[^1];
    }

    // The median of a range is its node; ranges that are no leaves are halved along the features in turn.
    private void Build(int start, int end, int depth, double[] keys)
    {
        if (end - start <= LeafSize)
            return;
        for (var i = start; i < end; i++)
            keys[i] = _points[(_order[i] * _features) + (depth % _features)];
        Array.Sort(keys, _order, start, end - start);
        var middle = (start + end) / 2;
        Build(start, middle, depth + 1, keys);
        Build(middle + 1, end, depth + 1, keys);
    }

    private void Search(int start, int end, int depth, int point, Span<double> nearest)
    {
        if (end - start <= LeafSize)
        {
            for (var i = start; i < end; i++)
                Visit(_order[i], point, nearest);
            return;
        }

        var middle = (start + end) / 2;
        var feature = depth % _features;
        var gap = _points[(point * _features) + feature] - _points[(_order[middle] * _features) + feature];
        Visit(_order[middle], point, nearest);
        if (gap < 0)
            Search(start, middle, depth + 1, point, nearest);
        else
            Search(middle + 1, end, depth + 1, point, nearest);
        if (gap * gap >= nearest[^1])
            return;
        if (gap < 0)
            Search(middle + 1, end, depth + 1, point, nearest);
        else
            Search(start, middle, depth + 1, point, nearest);
    }

    private void Visit(int other, int point, Span<double> nearest)
    {
        if (other == point)
            return;
        double distance = 0;
        for (var j = 0; j < _features; j++)
        {
            var difference = _points[(point * _features) + j] - _points[(other * _features) + j];
            distance += difference * difference;
        }

        if (distance >= nearest[^1])
            return;
        var at = nearest.Length - 1;
        for (; at > 0 && nearest[at - 1] > distance; at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = distance;
    }
}
