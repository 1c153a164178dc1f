using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One middleware with a span around each call of it.</summary>
[StackTraceHidden]
sealed class Middleware(RequestDelegate inner, MiddlewareName name, int index, bool isImplicit)
{
    const int MostFailures = 5;

    // Lazily, because a lambda's source line is read from the PDB while the app goes on starting.
    Description? _description;
    int _failures;

    Description Described => _description ?? Interlocked.CompareExchange(ref _description, new Description(name.SpanName, Tags(name, index, isImplicit)), null) ?? _description;

    public Task Invoke(HttpContext context) => RequestSpan.IsWanted ? InvokeTraced(context) : inner(context);

    Task InvokeTraced(HttpContext context)
    {
        var span = Begin(context);
        if (span is null)
            return inner(context);
        Task task;
        try
        {
            task = inner(context);
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
        span.End(null, task);
        return task;
    }

    /// <summary>Called by the framework, not by woven code: the guard for what fails here of ours is here, with the engine's limit.</summary>
    MiddlewareSpan? Begin(HttpContext context)
    {
        if (_failures >= MostFailures)
            return null;
        try
        {
            return MiddlewareSpan.Begin(Described.Name, Described.Tags, context);
        }
        catch (Exception e)
        {
            if (++_failures is 1 or MostFailures)
                Log.Error($"no span for {name.SpanName}{(_failures == MostFailures ? ", from now on" : "")}: {e}");
            return null;
        }
    }

    /// <summary>Called when the middleware calls the next one: so it has not answered by itself.</summary>
    public void Enter() => MiddlewareSpan.Enter(Described.Name);

    static KeyValuePair<string, object?>[] Tags(MiddlewareName name, int index, bool isImplicit)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new(Names.Kind, DispatchKind.Hook),
            new(Names.MiddlewareIndex, index),
        ];
        if (isImplicit)
            tags.Add(new(Names.MiddlewareImplicit, true));
        if (name.Function is { } function)
            tags.Add(new(Names.CodeFunction, function));
        if (name.Line is { } line)
        {
            tags.Add(new(Names.CodeFile, line.File));
            tags.Add(new(Names.CodeLine, line.Number));
        }
        // Taken away when the next middleware is called; terminal ones and branches have none to call.
        if (!name.IsTerminal)
            tags.Add(new(Names.ShortCircuited, true));
        return [.. tags];
    }

    /// <summary>What is the same for every call. One instance for good: <see cref="MiddlewareSpan.Enter"/> compares the name by reference.</summary>
    sealed record Description(string Name, KeyValuePair<string, object?>[] Tags);
}
