namespace Agent.Benchmarks;

/// <summary>What the agent may cost. The table is in the design (sveltekit.md, «Budgets»), set against the same thing in another framework.</summary>
/// <param name="Limit">Of the difference, the ratio or the value, whichever the measure is compared by.</param>
/// <param name="IsLeast">Whether more is better.</param>
sealed record Budget(string Name, Configuration Configuration, Measure Measure, double Limit, bool IsLeast = false)
{
    public static IReadOnlyList<Budget> All { get; } =
    [
        new("start-up to listening, added", Configuration.Agent, Measure.Listening, 60),
        new("start-up to first response, added", Configuration.Agent, Measure.FirstResponse, 60),
        new("memory idle, added", Configuration.Agent, Measure.MemoryIdle, 10),
        new("memory loaded, added", Configuration.Agent, Measure.MemoryLoaded, 25),
        new("everything sampled out: CPU", Configuration.AlwaysOff, Measure.CpuPerRequest, 1.03),
        new("everything traced: CPU", Configuration.Agent, Measure.CpuPerRequest, 1.15),
        new("everything traced: requests per second", Configuration.Agent, Measure.RequestsPerSecond, 0.87, IsLeast: true),
        new("everything traced: p50", Configuration.Agent, Measure.P50, 1.10),
        new("everything traced: p99", Configuration.Agent, Measure.P99, 1.15),
        new("OTLP bytes per span", Configuration.Agent, Measure.BytesPerSpan, 209),
    ];

    string Format => Measure.Comparison switch
    {
        Comparison.Difference => Measure.DifferenceFormat,
        Comparison.Ratio => Measure.RatioFormat,
        _ => Measure.Format,
    };

    public string LimitText => $"{(IsLeast ? "≥" : "≤")} {Limit.ToString(Format)}";

    public Spread Measured(Results results) => Measure.Comparison switch
    {
        Comparison.Difference => results.Difference(Configuration, Measure),
        Comparison.Ratio => results.Ratio(Configuration, Measure),
        _ => results.Spread(Configuration, Measure),
    };

    public string MeasuredText(Results results) => Measured(results).Format(Format);

    /// <summary>By the median; with a reservation if the rounds' quartiles lie on both sides of the limit.</summary>
    public string Verdict(Results results)
    {
        var measured = Measured(results);
        return (IsMet(measured.Median) ? "met" : "not met") + (IsMet(measured.Low) == IsMet(measured.High) ? "" : " (rounds disagree)");
    }

    bool IsMet(double value) => IsLeast ? value >= Limit : value <= Limit;
}
