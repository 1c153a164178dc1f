using System.Globalization;

namespace Agent.Viewer;

/// <summary>Durations for people: about three digits and a unit, at most 8 characters up to 999 hours.</summary>
public static class DurationText
{
    // The limits lie where rounding would give one digit more: 999.5 µs is "1.00 ms", not "1000 µs".
    static readonly (double Limit, double Unit, string Format)[] Scales =
    [
        (999.5, 1, "0 ns"),
        (9.95e3, 1e3, "0.0 µs"),
        (999.5e3, 1e3, "0 µs"),
        (9.995e6, 1e6, "0.00 ms"),
        (99.95e6, 1e6, "0.0 ms"),
        (999.5e6, 1e6, "0 ms"),
        (59.95e9, 1e9, "0.0 s"),
    ];

    /// <summary>For example 850 µs, 1.23 ms, 2.1 s, 1:05 min, 2:30 h.</summary>
    public static string Format(ulong nanoseconds)
    {
        foreach (var (limit, unit, format) in Scales)
        {
            if (nanoseconds < limit)
                return (nanoseconds / unit).ToString(format, CultureInfo.InvariantCulture);
        }

        var seconds = (ulong)Math.Round(nanoseconds / 1e9);
        return seconds < 3600 ? $"{seconds / 60}:{seconds % 60:00} min" : $"{seconds / 3600}:{seconds / 60 % 60:00} h";
    }
}
