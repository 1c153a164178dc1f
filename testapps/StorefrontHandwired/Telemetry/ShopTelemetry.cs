using System.Diagnostics;

namespace Storefront.Telemetry;

public static class ShopTelemetry
{
    public static ActivitySource Source { get; } = new("Storefront");

    /// <summary>Marks the span as failed, with the exception as an event of it.</summary>
    public static void Fail(this Activity activity, Exception exception)
    {
        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity.AddException(exception);
    }
}
