using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>Where a span of ours was entered: what follows in that flow of execution is inside of it.</summary>
class SpanScope
{
    /// <param name="span">The span; null for the scope that a span itself is, from its beginning.</param>
    /// <param name="before">What was the current activity before.</param>
    /// <param name="outer">The scope around.</param>
    public SpanScope(SpanRecord? span, Activity? before, SpanScope? outer)
    {
        Span = span ?? (SpanRecord)this;
        (Before, Outer) = (before, outer);
    }

    /// <summary>The span.</summary>
    public SpanRecord Span { get; }

    /// <summary>What was the current activity before.</summary>
    public Activity? Before { get; }

    /// <summary>The scope around; null for the outermost.</summary>
    public SpanScope? Outer { get; }

    /// <summary>What is the current activity directly inside of the span.</summary>
    public Activity? Around => CurrentSpan.IsApart ? Before : Span.Activity;
}
