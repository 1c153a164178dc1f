using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Agent.Benchmarks;

/// <summary>A page, asked for by wrk.</summary>
sealed partial class WrkLoad(string path) : Load($"GET {path}")
{
    static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    public override Task Require(CancellationToken stop) => Programs.RequireWrk(stop);

    public override async Task<long> Once(Uri app, CancellationToken stop)
    {
        using var response = await Client.GetAsync(new Uri(app, path), stop);
        return response.StatusCode == HttpStatusCode.OK
            ? Stopwatch.GetTimestamp()
            : throw new LoadException($"It answered {(int)response.StatusCode} for {path} instead of 200");
    }

    public override Task<Connections> Connect(Uri app, int count, Cores cores, CancellationToken stop) => Task.FromResult<Connections>(new WrkConnections(
        seconds => cores.ForLoad("wrk", "-t1", $"-c{count}", $"-d{seconds}s", "--timeout", "10s", "--latency", new Uri(app, path).AbsoluteUri)));

    /// <summary>wrk opens them itself.</summary>
    sealed class WrkConnections(Func<int, ProcessStartInfo> command) : Connections
    {
        public override async Task<LoadResult> Run(int seconds, CancellationToken stop) => Parse(await Programs.Output(command(seconds), stop));

        public override void Dispose() { }
    }

    static LoadResult Parse(string output)
    {
        if (Trouble().Match(output) is { Success: true } trouble)
            throw new LoadException($"Not every request succeeded, so the numbers would mean nothing. wrk says:\n{trouble.Value.Trim()}");
        var (requests, perSecond, p50, p99) = (Requested().Match(output), Rate().Match(output), Half().Match(output), Most().Match(output));
        if (!requests.Success || !perSecond.Success || !p50.Success || !p99.Success)
            throw new LoadException($"wrk's output is not understood:\n{output}");
        var result = new LoadResult(long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture), Number(perSecond), Milliseconds(p50), Milliseconds(p99));
        return result.Requests > 0 ? result : throw new LoadException($"The app answered no request. wrk says:\n{output}");
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
