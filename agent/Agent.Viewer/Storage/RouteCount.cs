using System.Runtime.InteropServices;

namespace Agent.Viewer.Storage;

/// <summary>Counts spans that are alike.</summary>
sealed class RouteCount
{
    readonly List<ulong> _durations = [];
    int _errors;
    ulong _lastStart;

    public void Add(ref SpanHead span)
    {
        _durations.Add(span.Duration);
        _errors += span.Status == (byte)SpanStatusCode.Error ? 1 : 0;
        _lastStart = Math.Max(_lastStart, span.Start);
    }

    public Route Route((string Service, string Name, SpanKind Kind) key)
    {
        CollectionsMarshal.AsSpan(_durations).Sort();
        return new(key.Service, key.Name, key.Kind, _durations.Count, _errors, Percentile(50), Percentile(90), Percentile(99), _lastStart);
    }

    public Dependency Dependency(string parent, string child)
    {
        CollectionsMarshal.AsSpan(_durations).Sort();
        return new(parent, child, _durations.Count, _errors, Percentile(50));
    }

    // The smallest duration that so many of a hundred do not exceed.
    ulong Percentile(int percent) => _durations[(int)Math.Ceiling(_durations.Count * percent / 100.0) - 1];
}
