namespace Agent.Benchmarks;

/// <summary>What is measured; the rows of the tables.</summary>
/// <param name="Format">Of its values, unit included.</param>
/// <param name="Comparison">With the same app without the agent.</param>
sealed record Measure(string Name, string Format, Comparison Comparison)
{
    public const string RatioFormat = "0.000";

    public static Measure Listening { get; } = new("start-up to listening", "0 ms", Comparison.Difference);
    public static Measure FirstResponse { get; } = new("start-up to first response", "0 ms", Comparison.Difference);
    public static Measure FirstResponseOneCore { get; } = new("first response, on one core", "0 ms", Comparison.Difference);
    public static Measure MemoryIdle { get; } = new("memory idle", "0.0 MB", Comparison.Difference);
    public static Measure MemoryLoaded { get; } = new("memory loaded", "0.0 MB", Comparison.Difference);
    public static Measure RequestsPerSecond { get; } = new("requests per second", "#,0", Comparison.Ratio);
    public static Measure CpuPerRequest { get; } = new("CPU per request", "0 µs", Comparison.Ratio);
    public static Measure P50 { get; } = new("p50, one connection", "0.000 ms", Comparison.Ratio);
    public static Measure P99 { get; } = new("p99, one connection", "0.000 ms", Comparison.Ratio);
    public static Measure SpansPerRequest { get; } = new("spans per request", "0.0", Comparison.None);
    public static Measure BytesPerSpan { get; } = new("OTLP bytes per span", "0", Comparison.None);
    public static Measure BytesPerRequest { get; } = new("OTLP bytes per request", "#,0", Comparison.None);
    public static Measure Delivered { get; } = new("requests whose trace arrived", "0.0 %", Comparison.None);
    public static Measure CoreUsed { get; } = new("app's use of its core", "0 %", Comparison.None);
    public static Measure CoreTaken { get; } = new("its core taken by others", "0 %", Comparison.None);

    public static IReadOnlyList<Measure> All { get; } =
    [
        Listening, FirstResponse, FirstResponseOneCore, MemoryIdle, MemoryLoaded, RequestsPerSecond, CpuPerRequest, P50, P99,
        SpansPerRequest, BytesPerSpan, BytesPerRequest, Delivered, CoreUsed, CoreTaken,
    ];

    public string DifferenceFormat => $"+{Format};−{Format};{Format}";
}

/// <summary>How a measure is compared with no agent.</summary>
enum Comparison
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Divided by it.</summary>
    Ratio,

    /// <summary>What is added to it, and also divided by it.</summary>
    Difference,
}
