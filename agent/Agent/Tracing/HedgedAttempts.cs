using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Instrumentations;

namespace Agent.Tracing;

/// <summary>
/// HTTP calls that were made twice so that the faster one wins (hedging, of Microsoft.Extensions.Http.Resilience). The slower one is cancelled, which would be red in
/// every such request although all is well: it has no error. A listener beside the provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class HedgedAttempts
{
    /// <summary>The attempt that the running code belongs to.</summary>
    static readonly AsyncLocal<Attempt?> Current = new();

    /// <summary>By what the library has for one; it uses that again, for others.</summary>
    static readonly ConditionalWeakTable<object, Attempt> All = [];

    public static void Start(Settings settings)
    {
        if (!AppAssemblies.MayHave("Polly.Core") || !Switches.IsOn(settings, "POLLY", "REMOTE"))
            return;
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            ActivityStopped = static activity =>
            {
                if (activity.Status == ActivityStatusCode.Error && Current.Value is { IsCalledOff: true } && activity.GetTagItem(Names.ErrorType) is "System.Threading.Tasks.TaskCanceledException" or "System.OperationCanceledException")
                    activity.SetTag(Names.ErrorType, null).SetStatus(ActivityStatusCode.Unset);
            },
        });
    }

    /// <summary>What follows in this flow belongs to an attempt.</summary>
    /// <returns>For <see cref="Leave"/>.</returns>
    public static object? Begin(object execution)
    {
        var before = Current.Value;
        All.AddOrUpdate(execution, Current.Value = new Attempt());
        return before;
    }

    public static void Leave(object? before) => Current.Value = (Attempt?)before;

    /// <summary>Another one has won.</summary>
    public static void CallOff(object execution)
    {
        if (All.TryGetValue(execution, out var attempt))
            attempt.IsCalledOff = true;
    }

    sealed class Attempt
    {
        public volatile bool IsCalledOff;
    }
}
