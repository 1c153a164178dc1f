using System.Diagnostics;
using HarmonyLib;

namespace Storefront.Instrumentation;

/// <summary>A span for each look into the stock.</summary>
[HarmonyPatch("Storefront.Services.StockClient, Storefront", "GetQuantityAsync")]
static class StockPatch
{
    public static ActivitySource Source { get; } = new("Storefront.Stock");

    static void Prefix(string sku, out Activity? __state) => __state = Source.StartActivity("stock")?.SetTag("stock.sku", sku);

    static void Postfix(Task<int?> __result, Activity? __state)
    {
        if (__state is null)
            return;
        Activity.Current = __state.Parent; // the caller's again; the span goes on until the task ends
        _ = __result.ContinueWith(
            static (task, span) => ((Activity)span!).SetTag("stock.quantity", task.IsCompletedSuccessfully ? task.Result : null).Dispose(), __state,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
