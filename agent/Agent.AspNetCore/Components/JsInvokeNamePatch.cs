using HarmonyLib;

namespace Agent.AspNetCore.Components;

/// <summary>Gives the span of a call its name: arguments are read when the method has been found.</summary>
[HarmonyPatch("Microsoft.JSInterop.Infrastructure.DotNetDispatcher, Microsoft.JSInterop", "ParseArguments")]
static class JsInvokeNamePatch
{
    static void Prefix(string methodIdentifier) => JsInvokeSpan.Current?.Found(methodIdentifier);
}
