namespace Agent.Viewer.Otlp;

/// <summary>Tells the processes of a trace apart by what describes them, in the order of their first spans.</summary>
sealed class ResourceGroups
{
    readonly Dictionary<IReadOnlyDictionary<string, object?>, int> _known = new(ReferenceEqualityComparer.Instance);
    readonly List<IReadOnlyDictionary<string, object?>> _all = [];

    public IReadOnlyList<IReadOnlyDictionary<string, object?>> All => _all;

    public int NumberOf(IReadOnlyDictionary<string, object?> resource)
    {
        // The spans of a request share theirs; those of two requests have equal ones.
        if (_known.TryGetValue(resource, out var number))
            return number;
        number = _all.FindIndex(other => AreEqual(other, resource));
        if (number < 0)
        {
            number = _all.Count;
            _all.Add(resource);
        }

        _known.Add(resource, number);
        return number;
    }

    static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) => a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && AreEqual(pair.Value, value)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(one, other),
    };
}
