using System.Runtime.CompilerServices;
using System.Security.Claims;
using Agent.Tracing;
using HarmonyLib;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// One span each time that IAuthorizationService is asked about a resource: by the app, a hub's method, a component. It says what is asked: the policy's
/// name, or where there is none the requirements. Policies of endpoints come here too, and have a span already (<see cref="AuthorizationPatch"/>).
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Authorization.DefaultAuthorizationService, Microsoft.AspNetCore.Authorization", "AuthorizeAsync")]
[HarmonyPatch([typeof(ClaimsPrincipal), typeof(object), typeof(IEnumerable<IAuthorizationRequirement>)])]
static class AuthorizationServicePatch
{
    static readonly SpanDescription WithoutResource = Describe("authorization");
    static readonly ConditionalWeakTable<Type, SpanDescription> Descriptions = [];

    static void Prefix(object? resource, IEnumerable<IAuthorizationRequirement> requirements, out Span? __state)
    {
        __state = Begin(resource);
        __state?.Set(Names.AuthorizationRequirements, string.Join(", ", requirements.Select(NameOf)));
    }

    static void Finalizer(Exception? __exception, Task<AuthorizationResult>? __result, Span? __state) => __state?.EndWith(__exception, __result);

    /// <summary>
    /// A policy that is named is looked up and then asked about by its requirements, inside of this. The framework's own service overrides it, what the
    /// app derives does not.
    /// </summary>
    [HarmonyPatch("Microsoft.AspNetCore.Authorization.DefaultAuthorizationServiceImpl, Microsoft.AspNetCore.Authorization", "AuthorizeAsync")]
    [HarmonyPatch([typeof(ClaimsPrincipal), typeof(object), typeof(string)])]
    internal static class PolicyPatch
    {
        static void Prefix(object? resource, string policyName, out Span? __state) => __state = BeginPolicy(resource, policyName);

        static void Finalizer(Exception? __exception, Task<AuthorizationResult>? __result, Span? __state) => __state?.EndWith(__exception, __result);
    }

    [HarmonyPatch("Microsoft.AspNetCore.Authorization.DefaultAuthorizationService, Microsoft.AspNetCore.Authorization", "AuthorizeAsync")]
    [HarmonyPatch([typeof(ClaimsPrincipal), typeof(object), typeof(string)])]
    internal static class DerivedPolicyPatch
    {
        static void Prefix(object? resource, string policyName, out Span? __state) => __state = BeginPolicy(resource, policyName);

        static void Finalizer(Exception? __exception, Task<AuthorizationResult>? __result, Span? __state) => __state?.EndWith(__exception, __result);
    }

    static Span? BeginPolicy(object? resource, string name)
    {
        var span = Begin(resource);
        span?.Set(Names.AuthorizationPolicy, name);
        return span;
    }

    static Span? Begin(object? resource)
    {
        if (!Span.IsWanted || resource is HttpContext || AuthorizationPatch.IsCurrent)
            return null;
        var description = DescriptionOf(resource);
        return IsOfPolicy(description) ? null : Span.Begin(description);
    }

    /// <summary>Whether the current span is around a named policy that is just being asked about.</summary>
    static bool IsOfPolicy(SpanDescription description) =>
        CurrentSpan.Innermost is { } current && ReferenceEquals(current.OperationName, description.Name) && current.GetTagItem(Names.AuthorizationPolicy) is not null;

    static SpanDescription DescriptionOf(object? resource) => resource is not null && AppType.Is(resource.GetType())
        ? Descriptions.GetOrAdd(resource.GetType(), static type => Describe($"authorization {CodeName.Simple(type)}"))
        : WithoutResource;

    static SpanDescription Describe(string name) => new(name, new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    /// <summary>«SameAuthor»; «Read» for an operation.</summary>
    static string NameOf(IAuthorizationRequirement requirement) => requirement is OperationAuthorizationRequirement { Name: { Length: > 0 } operation }
        ? operation
        : AppType.Shorten(CodeName.Simple(requirement.GetType()), "Requirement", "Authorization");

    internal sealed class Span(SpanRecord record) : AspNetCoreSpan(record)
    {
        Task<AuthorizationResult>? _call;

        public static new Span? Begin(SpanDescription description) => Start(description) is { } record ? new Span(record) : null;

        public void EndWith(Exception? exception, Task<AuthorizationResult>? call)
        {
            _call = call;
            End(exception, call);
        }

        protected override void Complete(Exception? exception)
        {
            if (_call is { IsCompletedSuccessfully: true, Result: var result })
                Record.SetTag(Names.AuthorizationResult, result.Succeeded ? "succeeded" : "failed");
        }
    }
}
