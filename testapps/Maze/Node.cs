using System.Diagnostics;

namespace Maze;

/// <summary>Something that ran, and what ran inside of it: the app's own account, to be compared with what a tracer says.</summary>
/// <param name="Name">What a span for it should be called.</param>
/// <param name="Group">Children of one node with the same number ran side by side; 0 for those that ran one after the other.</param>
sealed record Node(string Name, int Group)
{
    /// <summary>The activity that was current when it began; null where no code of the app runs at its beginning.</summary>
    public string? SpanId { get; set; }

    /// <summary>The activity that was current when it ended, if it was another one.</summary>
    public string? LeftIn { get; set; }

    public List<Node> Children { get; } = [];

    public void Add(Node child)
    {
        lock (Children)
            Children.Add(child);
    }

    public static string? CurrentSpan => Activity.Current?.SpanId.ToHexString();
}
