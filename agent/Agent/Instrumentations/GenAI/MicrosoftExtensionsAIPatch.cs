using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.GenAI;

/// <summary>
/// Calls of tools have spans only where there is telemetry inside of what calls them, and then each call of the model has one, too: where the app has none
/// there, it gets the library's own, which passes everything on as it is.
/// </summary>
[HarmonyPatch("Microsoft.Extensions.AI.FunctionInvokingChatClient, Microsoft.Extensions.AI", ".ctor", MethodType.Constructor)]
static class MicrosoftExtensionsAIPatch
{
    const string Client = "Microsoft.Extensions.AI.IChatClient, Microsoft.Extensions.AI.Abstractions", Telemetry = "Microsoft.Extensions.AI.OpenTelemetryChatClient, Microsoft.Extensions.AI";

    static void Prefix(ref object? innerClient)
    {
        if (innerClient is not null && Service(innerClient, typeof(System.Diagnostics.ActivitySource), null) is null)
            innerClient = New(innerClient, null, null);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetService")]
    static extern object? Service([UnsafeAccessorType(Client)] object client, Type type, object? key);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Telemetry)]
    static extern object New([UnsafeAccessorType(Client)] object inner, [UnsafeAccessorType("Microsoft.Extensions.Logging.ILogger, Microsoft.Extensions.Logging.Abstractions")] object? logger, string? source);
}
