using Agent.Tracing;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One span per antiforgery check: of MVC's and Razor Pages' filters and of the middleware. A bad token is the client's mistake, not an error.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Antiforgery.DefaultAntiforgery, Microsoft.AspNetCore.Antiforgery", "ValidateRequestAsync")]
static class AntiforgeryPatch
{
    static readonly SpanDescription Description = new("antiforgery", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    static void Prefix(HttpContext httpContext, out RequestSpan? __state) => __state = Span.Begin(httpContext);

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    sealed class Span(SpanRecord record, HttpContext context) : RequestSpan(record, context)
    {
        public static Span? Begin(HttpContext context) => Start(Description) is { } record ? new Span(record, context) : null;

        protected override string? ExpectedResult(Exception exception) =>
            exception.GetType().Name == "AntiforgeryValidationException" ? ResultType.KnownError : base.ExpectedResult(exception);
    }
}
