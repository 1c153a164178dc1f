using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One authorization handler that is asked about a request or a resource. The patches are installed by <see cref="AuthorizationHandlerPatch"/>.</summary>
static class AuthorizationHandlerCall
{
    static readonly ConditionalWeakTable<Type, SpanDescription?> Descriptions = [];

    public static void Begin(object __instance, AuthorizationHandlerContext __0, out AspNetCoreSpan? __state) =>
        __state = AspNetCoreSpan.IsWanted && Descriptions.GetOrAdd(__instance.GetType(), static type => Describe(type)) is { } description
            ? __0.Resource is HttpContext context ? RequestSpan.Begin(description, context) : AspNetCoreSpan.Begin(description)
            : null;

    public static void EndAsync(Exception? __exception, Task? __result, AspNetCoreSpan? __state) => __state?.End(__exception, __result);

    /// <summary>Null for the framework's, which come here when a package's handler shares their base class.</summary>
    static SpanDescription? Describe(Type type) => AppType.Is(type)
        ? new SpanDescription($"authorization handler {AppType.Shorten(CodeName.Simple(type), "AuthorizationHandler", "Handler")}",
            new(Names.Kind, DispatchKind.Hook), new(Names.CodeFunction, $"{type.FullName}.{Method(type)}"))
        : null;

    /// <summary>What the author of a handler writes: the base classes have a method for it.</summary>
    static string Method(Type handler) =>
        handler.GetInterfaceMap(typeof(IAuthorizationHandler)).TargetMethods[0].DeclaringType == handler ? "HandleAsync" : "HandleRequirementAsync";
}
