using System.Diagnostics;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Server;

/// <summary>
/// Completes the server span where methods cannot be patched. Not used otherwise: any subscription to this listener sends MVC through
/// its slower, logging paths.
/// </summary>
sealed class ServerSpanListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    const string Request = LiveRequest.Operation;

    static readonly Complaint Failing = new();

    public static void Start() => DiagnosticListener.AllListeners.Subscribe(new ServerSpanListener());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
            value.Subscribe(this, static name => name is Request or Request + ".Start" or Request + ".Stop");
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        try
        {
            if (value is { Key: Request + ".Stop", Value: HttpContext context })
                ServerSpan.Complete(context, unhandled: null);
        }
        catch (Exception e)
        {
            Failing.Say(Log.Error, () => $"a server span lacks attributes: {e}");
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) => Log.Error($"server spans lack attributes: {error}");
}
