using Microsoft.AspNetCore.Components;

namespace Counter.Components;

/// <summary>The base of all pages: a span around what Tally does about a click, up to the state that has changed.</summary>
public abstract class TracedComponent : ComponentBase, IHandleEvent
{
    Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem item, object? arg)
    {
        using var activity = Telemetry.Source.StartActivity("component Tally.Increment onclick");
        activity?.SetTag("dispatch.kind", "remote");
        activity?.SetTag("aspnetcore.components.type", "Counter.Components.Pages.Tally");
        activity?.SetTag("code.function.name", "Counter.Components.Pages.Tally.Increment");
        activity?.SetTag("aspnetcore.components.attribute.name", "onclick");
        var handled = item.InvokeAsync(arg);
        StateHasChanged();
        activity?.SetTag("dispatch.result.type", "success");
        return handled;
    }
}
