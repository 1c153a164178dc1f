namespace Agent.Benchmarks;

/// <summary>What has become of a load.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="PerSecond">Of them.</param>
/// <param name="P50">Median latency in ms.</param>
/// <param name="P99">99th percentile of the latency in ms.</param>
sealed record LoadResult(long Requests, double PerSecond, double P50, double P99);
