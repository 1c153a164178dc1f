namespace Agent.Benchmarks;

/// <summary>All values, by measure and configuration, in the order of the rounds.</summary>
sealed class Results(IReadOnlyList<Configuration> configurations)
{
    readonly Dictionary<(Measure, Configuration), List<double>> _values = [];
    readonly Dictionary<Configuration, HashSet<string>> _complaints = [];

    public IReadOnlyList<Configuration> Configurations => configurations;
    public IEnumerable<Measure> Measures => Measure.All.Where(measure => _values.Keys.Any(key => key.Item1 == measure));

    public void Add(Configuration configuration, Measure measure, double value)
    {
        if (!_values.TryGetValue((measure, configuration), out var values))
            _values[(measure, configuration)] = values = [];
        values.Add(value);
    }

    public void AddComplaints(Configuration configuration, IEnumerable<string> lines)
    {
        if (!_complaints.TryGetValue(configuration, out var all))
            _complaints[configuration] = all = [];
        all.UnionWith(lines);
    }

    public IReadOnlyList<double> Values(Configuration configuration, Measure measure) =>
        _values.TryGetValue((measure, configuration), out var values) ? values : [];

    public IEnumerable<string> Complaints(Configuration configuration) => _complaints.TryGetValue(configuration, out var lines) ? lines : [];

    public bool Has(Configuration configuration, Measure measure) => Values(configuration, measure).Count > 0;

    public Spread Spread(Configuration configuration, Measure measure) => Benchmarks.Spread.Of(Values(configuration, measure));

    /// <summary>Divided by no agent, within each round: what the host does to a round it does to both.</summary>
    public Spread Ratio(Configuration configuration, Measure measure) => Benchmarks.Spread.Of(Pairs(configuration, measure).Select(pair => pair.First / pair.Second));

    /// <summary>Minus no agent, within each round.</summary>
    public Spread Difference(Configuration configuration, Measure measure) => Benchmarks.Spread.Of(Pairs(configuration, measure).Select(pair => pair.First - pair.Second));

    IEnumerable<(double First, double Second)> Pairs(Configuration configuration, Measure measure) =>
        Values(configuration, measure).Zip(Values(Configuration.NoAgent, measure));
}
