using System.Globalization;
using System.Text.RegularExpressions;

namespace Agent.Benchmarks;

/// <summary>What wrk says at its end.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="PerSecond">Of them.</param>
/// <param name="P50">Median latency in ms.</param>
/// <param name="P99">99th percentile of the latency in ms.</param>
sealed partial record WrkResult(long Requests, double PerSecond, double P50, double P99)
{
    /// <exception cref="FormatException">A request failed, or the text is not wrk's.</exception>
    public static WrkResult Parse(string output)
    {
        if (Trouble().Match(output) is { Success: true } trouble)
            throw new FormatException($"Not every request succeeded, so the numbers would mean nothing. wrk says:\n{trouble.Value.Trim()}");
        var (requests, perSecond, p50, p99) = (Requested().Match(output), Rate().Match(output), Half().Match(output), Most().Match(output));
        if (!requests.Success || !perSecond.Success || !p50.Success || !p99.Success)
            throw new FormatException($"wrk's output is not understood:\n{output}");
        var result = new WrkResult(long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture), Number(perSecond), Milliseconds(p50), Milliseconds(p99));
        return result.Requests > 0 ? result : throw new FormatException($"The app answered no request. wrk says:\n{output}");
    }

    static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch { "us" => 1e-3, "ms" => 1, "s" => 1e3, "m" => 60e3, _ => 3600e3 };

    [GeneratedRegex(@"^.*(Socket errors|Non-2xx).*$", RegexOptions.Multiline)]
    private static partial Regex Trouble();

    [GeneratedRegex(@"^\s*(\d+) requests in ", RegexOptions.Multiline)]
    private static partial Regex Requested();

    [GeneratedRegex(@"^Requests/sec:\s+([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\s*50%\s+([\d.]+)(us|ms|s|m|h)\s*$", RegexOptions.Multiline)]
    private static partial Regex Half();

    [GeneratedRegex(@"^\s*99%\s+([\d.]+)(us|ms|s|m|h)\s*$", RegexOptions.Multiline)]
    private static partial Regex Most();
}
