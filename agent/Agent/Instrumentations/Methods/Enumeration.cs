using System.Diagnostics;
using System.Reflection;

namespace Agent.Instrumentations.Methods;

/// <summary>The span of one enumeration: current while the iterator's code runs, and not between two elements, when the consumer's does.</summary>
sealed class Enumeration(MethodBase method)
{
    MethodSpan? _span;
    bool _hasBegun;

    /// <summary>Whether there is a span that has not ended.</summary>
    public bool IsTraced => _span is not null;

    /// <summary>The iterator's code is about to run, for the first time or again.</summary>
    /// <returns>What was current, to be made so again when it has run.</returns>
    public Activity? Enter()
    {
        var before = Activity.Current;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _span = MethodSpan.TryBegin(method);
        }
        else
        {
            _span?.MakeCurrent();
        }
        return before;
    }

    /// <summary>The same for the end of an enumeration that may not have begun.</summary>
    public Activity? EnterLast()
    {
        var before = Activity.Current;
        _span?.MakeCurrent();
        return before;
    }

    public void End(Exception? exception)
    {
        _span?.End(exception);
        _span = null;
    }
}
