using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>Gives a Hangfire job the context of the one who creates it, among the job's own parameters.</summary>
[HarmonyPatch("Hangfire.Client.BackgroundJobFactory, Hangfire.Core", "Create")]
static class HangfireCreatePatch
{
    static void Prefix(object context)
    {
        if (CurrentSpan.IsRecorded is not null)
            MessageContext.Inject(Parameters(context), static (parameters, name, value) => parameters.TryAdd(name, value));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Parameters")]
    static extern IDictionary<string, object> Parameters([UnsafeAccessorType("Hangfire.Client.CreateContext, Hangfire.Core")] object context);
}
