using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>What a middleware gets as `next`: notes that it was called, then calls the real one.</summary>
[StackTraceHidden]
sealed class NextMiddleware(RequestDelegate next)
{
    /// <summary>The middleware whose next this is. Set when the pipeline is built.</summary>
    public Middleware? Middleware { get; set; }

    public Task Invoke(HttpContext context)
    {
        if (RequestSpan.IsWanted)
            Middleware?.Enter();
        return next(context);
    }
}
