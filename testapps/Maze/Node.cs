using System.Diagnostics;
using Agent.Api;

namespace Maze;

/// <summary>Something that ran, and what ran inside of it: the app's own account, to be compared with what a tracer says.</summary>
/// <param name="Name">What a span for it should be called.</param>
/// <param name="Group">Children of one node with the same number ran side by side; 0 for those that ran one after the other.</param>
sealed record Node(string Name, int Group)
{
    /// <summary>The span that it began in; null where no code of the app runs at its beginning.</summary>
    public string? SpanId { get; set; }

    /// <summary>The span that it ended in, if it was another one.</summary>
    public string? LeftIn { get; set; }

    public List<Node> Children { get; } = [];

    public void Add(Node child)
    {
        lock (Children)
            Children.Add(child);
    }

    /// <summary>The span that encloses the caller. The current activity is the request's or one that the app itself has started, whatever a tracer does.</summary>
    public static string? CurrentSpan => Activity.Current is { Source.Name: not ("Microsoft.AspNetCore" or "Maze") } strange
        ? $"{strange.Source.Name} {strange.OperationName} is current"
        : Tracing.Current.SpanId is { Length: > 0 } id ? id : null;
}
