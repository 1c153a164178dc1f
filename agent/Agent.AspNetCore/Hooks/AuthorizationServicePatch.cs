using System.Diagnostics;
using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// One span each time that IAuthorizationService is asked about a resource: by the app, a hub's method, a component. Policies of endpoints come
/// here too, and have a span already (<see cref="AuthorizationPatch"/>).
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Authorization.DefaultAuthorizationService, Microsoft.AspNetCore.Authorization", "AuthorizeAsync")]
[HarmonyPatch([typeof(System.Security.Claims.ClaimsPrincipal), typeof(object), typeof(IEnumerable<IAuthorizationRequirement>)])]
static class AuthorizationServicePatch
{
    static readonly SpanDescription WithoutResource = Describe("authorization");
    static readonly ConditionalWeakTable<Type, SpanDescription> Descriptions = [];

    static void Prefix(object? resource, out Span? __state) =>
        __state = Span.IsWanted && resource is not HttpContext && !AuthorizationPatch.IsCurrent ? Span.Begin(DescriptionOf(resource)) : null;

    static void Finalizer(Exception? __exception, Task<AuthorizationResult>? __result, Span? __state) => __state?.EndWith(__exception, __result);

    static SpanDescription DescriptionOf(object? resource) => resource is not null && AppType.Is(resource.GetType())
        ? Descriptions.GetOrAdd(resource.GetType(), static type => Describe($"authorization {CodeName.Simple(type)}"))
        : WithoutResource;

    static SpanDescription Describe(string name) => new(name, new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    sealed class Span(Activity activity) : AspNetCoreSpan(activity)
    {
        Task<AuthorizationResult>? _call;

        public static new Span? Begin(SpanDescription description) => Start(description) is { } activity ? new Span(activity) : null;

        public void EndWith(Exception? exception, Task<AuthorizationResult>? call)
        {
            _call = call;
            End(exception, call);
        }

        protected override void Complete(Exception? exception)
        {
            if (_call is { IsCompletedSuccessfully: true, Result: var result })
                Activity.SetTag(Names.AuthorizationResult, result.Succeeded ? "succeeded" : "failed");
        }
    }
}
