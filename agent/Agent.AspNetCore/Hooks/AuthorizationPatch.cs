using Agent.Tracing;
using HarmonyLib;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One span per policy that is checked for an endpoint, with what it has come to. To be refused is no error.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Authorization.Policy.PolicyEvaluator, Microsoft.AspNetCore.Authorization.Policy", "AuthorizeAsync")]
static class AuthorizationPatch
{
    static readonly SpanDescription Description = new("authorization", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    /// <summary>Whether the current span is one of these.</summary>
    public static bool IsCurrent => ReferenceEquals(CurrentSpan.Innermost?.OperationName, Description.Name);

    static void Prefix(HttpContext context, out Span? __state) => __state = Span.Begin(context);

    static void Finalizer(Exception? __exception, Task<PolicyAuthorizationResult>? __result, Span? __state) => __state?.EndWith(__exception, __result);

    sealed class Span(SpanRecord record, HttpContext context) : RequestSpan(record, context)
    {
        Task<PolicyAuthorizationResult>? _call;

        public static Span? Begin(HttpContext context) => Start(Description) is { } record ? new Span(record, context) : null;

        public void EndWith(Exception? exception, Task<PolicyAuthorizationResult>? call)
        {
            _call = call;
            End(exception, call);
        }

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (_call is { IsCompletedSuccessfully: true, Result: var result })
                Record.SetTag(Names.AuthorizationResult, result.Succeeded ? "succeeded" : result.Forbidden ? "forbidden" : "challenged");
        }
    }
}
