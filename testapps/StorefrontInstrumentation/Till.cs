using System.Diagnostics;
using OpenTelemetry;

namespace Storefront.Instrumentation;

/// <summary>Says of each request which till it was at.</summary>
sealed class Till : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server)
            data.SetTag("shop.till", 3);
    }
}
