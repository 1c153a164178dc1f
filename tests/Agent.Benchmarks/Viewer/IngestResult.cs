using System.Globalization;

namespace Agent.Benchmarks.Viewer;

/// <summary>What sending for some seconds gave.</summary>
/// <param name="SpansPerSecond">Acknowledged spans.</param>
/// <param name="P99">Of the requests' times.</param>
/// <param name="CpuPerSpan">The viewer's CPU time for one.</param>
/// <param name="Refused">Requests that were not answered with 200.</param>
sealed record IngestResult(double SpansPerSecond, TimeSpan P99, TimeSpan CpuPerSpan, int Refused)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{SpansPerSecond:0} spans/s, p99 {P99.TotalMilliseconds:0.0} ms, {CpuPerSpan.TotalMicroseconds:0.0} µs CPU a span, {Refused} refused");
}
