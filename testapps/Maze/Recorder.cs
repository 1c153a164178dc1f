using System.Collections.Concurrent;
using System.Diagnostics;

namespace Maze;

/// <summary>Writes down what runs inside of what. What surrounds the caller is kept in an AsyncLocal, as any app would do it.</summary>
static class Recorder
{
    static readonly AsyncLocal<Node?> Around = new();
    static readonly ConcurrentDictionary<int, Node> Callers = new();
    static int _calls;

    /// <summary>The requests that came from outside.</summary>
    public static ConcurrentQueue<Recording> Recordings { get; } = new();

    public static Node Current => Around.Value ?? throw new InvalidOperationException("Nothing surrounds this code.");

    /// <summary>A request begins: inside of the call that has sent it, or as a recording of its own.</summary>
    public static IDisposable EnterRequest(string name, int? call)
    {
        var node = new Node(name, 0);
        if (call is { } number)
            Callers[number].Add(node);
        else
            Recordings.Enqueue(new Recording(Activity.Current?.TraceId.ToHexString(), node));
        return new Place(node);
    }

    /// <summary>Code of the app begins: the current activity should be its span.</summary>
    public static IDisposable Enter(string name, int group = 0)
    {
        var node = new Node(name, group) { SpanId = Node.CurrentSpan };
        Current.Add(node);
        return new Place(node, hasSpan: true);
    }

    /// <summary>Code of the framework begins, so nothing is known of its span.</summary>
    public static IDisposable EnterSilently(string name, int group = 0)
    {
        var node = new Node(name, group);
        Current.Add(node);
        return new Place(node);
    }

    /// <summary>The surrounding node, entered silently, turns out to be this very code.</summary>
    public static IDisposable Adopt()
    {
        Current.SpanId = Node.CurrentSpan;
        return new Place(Current, hasSpan: true);
    }

    /// <summary>A number by which the request that the current node is about to send can find it.</summary>
    public static int AnnounceCall()
    {
        var number = Interlocked.Increment(ref _calls);
        Callers[number] = Current;
        return number;
    }

    sealed class Place : IDisposable
    {
        readonly Node _node;
        readonly bool _hasSpan;
        readonly Node? _before = Around.Value;

        public Place(Node node, bool hasSpan = false)
        {
            Around.Value = _node = node;
            _hasSpan = hasSpan;
        }

        public void Dispose()
        {
            if (_hasSpan && Node.CurrentSpan != _node.SpanId)
                _node.LeftIn = Node.CurrentSpan ?? "none";
            Around.Value = _before;
        }
    }
}

/// <summary>A request and its trace.</summary>
sealed record Recording(string? TraceId, Node Root);
