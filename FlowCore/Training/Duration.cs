using System.Globalization;

namespace FlowCore.Training;

/// <summary>Writes durations as people read them.</summary>
public static class Duration
{
    /// <summary>0.4 s, 12 s, 3 min 05 s, 2 h 07 min.</summary>
    public static string Format(TimeSpan duration)
    {
        var c = CultureInfo.InvariantCulture;
        return duration.TotalSeconds < 9.95 ? string.Create(c, $"{Math.Max(0, duration.TotalSeconds):0.0} s")
            : duration.TotalSeconds < 59.5 ? string.Create(c, $"{duration.TotalSeconds:0} s")
            : Rounded(duration, 1) < TimeSpan.FromHours(1) ? string.Create(c, $"{Rounded(duration, 1).Minutes} min {Rounded(duration, 1).Seconds:00} s")
            : string.Create(c, $"{(long)Rounded(duration, 60).TotalHours} h {Rounded(duration, 60).Minutes:00} min");
    }

    private static TimeSpan Rounded(TimeSpan duration, int seconds) =>
        TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds / seconds) * seconds);
}
