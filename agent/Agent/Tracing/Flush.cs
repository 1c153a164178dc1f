using System.Runtime.InteropServices;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>
/// Sends what is still queued before the process ends, whichever way it ends, for at most <see cref="Cap"/>. Never cancels a signal and
/// never exits: how the app ends is the app's business.
/// </summary>
sealed class Flush
{
    static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    readonly TracerProvider _provider;
    readonly PosixSignalRegistration[] _signals;
    int _isShutDown;

    /// <param name="provider">What has the spans.</param>
    /// <param name="onUnhandledException">Also when an exception ends the process.</param>
    public Flush(TracerProvider provider, bool onUnhandledException)
    {
        _provider = provider;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Shutdown();
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (onUnhandledException && unhandled.IsTerminating)
                Shutdown();
        };
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];
    }

    /// <summary>
    /// Without a host the signal kills the process as soon as the handlers return, without ProcessExit; so this is the last chance.
    /// With one, its handler has set Cancel by now (the runtime calls the newest registration first and ours is the oldest): the app
    /// shuts down in its own time, and ProcessExit follows.
    /// </summary>
    void OnSignal(PosixSignalContext signal)
    {
        if (!signal.Cancel)
            Shutdown();
    }

    void Shutdown()
    {
        if (Interlocked.Exchange(ref _isShutDown, 1) != 0)
            return;
        try
        {
            if (!_provider.Shutdown((int)Cap.TotalMilliseconds))
                Log.Debug($"some spans could not be sent within {Cap.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            Log.Error($"the last spans could not be sent: {e}");
        }
        GC.KeepAlive(_signals);
    }
}
