using System.Reflection;
using Agent.Tracing;

namespace Agent.Instrumentations.Methods;

/// <summary>The span of one enumeration: it encloses what happens while the iterator's code runs, and not between two elements, when the consumer's does.</summary>
sealed class Enumeration(MethodBase method)
{
    MethodSpan? _span;
    bool _hasBegun;

    /// <summary>Whether there is a span that has not ended.</summary>
    public bool IsTraced => _span is not null;

    /// <summary>The iterator's code is about to run, for the first time or again.</summary>
    /// <returns>The scope that was there, to be restored when it has run.</returns>
    public SpanScope? Enter()
    {
        var before = CurrentSpan.Scope;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _span = MethodSpan.TryBegin(method);
        }
        else
        {
            _span?.Enter();
        }
        return before;
    }

    /// <summary>The same for the end of an enumeration that may not have begun.</summary>
    public SpanScope? EnterLast()
    {
        var before = CurrentSpan.Scope;
        _span?.Enter();
        return before;
    }

    public void End(Exception? exception)
    {
        _span?.End(exception);
        _span = null;
    }
}
