using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One middleware with a span around each call of it.</summary>
[StackTraceHidden]
sealed class Middleware(RequestDelegate inner, MiddlewareName name, bool isImplicit)
{
    readonly Attempts _attempts = new(name.ToString());

    /// <summary>It is around a whole branch, in which there may be other middlewares.</summary>
    public bool IsBranch { get; init; }

    // Lazily, because a lambda's source line is read from the PDB while the app goes on starting.
    Description? _description;

    Description Described => _description ?? Interlocked.CompareExchange(ref _description, new Description(name.SpanName, Tags(name, isImplicit)), null) ?? _description;

    public Task Invoke(HttpContext context) => RequestSpan.IsWanted ? InvokeTraced(context) : inner(context);

    Task InvokeTraced(HttpContext context)
    {
        var span = _attempts.Make((Middleware: this, context), static argument =>
            MiddlewareSpan.Begin(argument.Middleware.Described.Name, argument.Middleware.Described.Tags, argument.context));
        return span is null ? inner(context) : span.Around(inner);
    }

    /// <summary>Called when the middleware calls the next one: so it has not answered by itself.</summary>
    public void Enter() => MiddlewareSpan.Enter(Described.Name);

    static KeyValuePair<string, object?>[] Tags(MiddlewareName name, bool isImplicit)
    {
        List<KeyValuePair<string, object?>> tags = [new(Names.Kind, DispatchKind.Hook)];
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
