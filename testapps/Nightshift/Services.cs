using Microsoft.Extensions.Hosting;

namespace Nightshift;

/// <summary>Implements the contract explicitly, and starts a timer that goes on.</summary>
sealed class Lamps(Shift shift) : IHostedService, IDisposable
{
    readonly Turn _turn = shift.NewTurn();
    Timer? _timer;

    async Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Shift.Note("lamp_is_there");
        _timer = new Timer(_ => _ = Light(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    async Task Light()
    {
        await _turn.Begun;
        Shift.Note("lamp_is_lit");
        _turn.End();
    }

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();
}

/// <summary>Works until the host stops.</summary>
sealed class Sweeper(Shift shift) : BackgroundService
{
    readonly Turn _turn = shift.NewTurn();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _turn.Begun;
        Shift.Note("floor_is_swept");
        _turn.End();
        await Task.Delay(Timeout.Infinite, stoppingToken);
    }
}

/// <summary>Does its work once; has a StartAsync and a StopAsync of its own that call the base class's.</summary>
sealed class Baker(Shift shift) : BackgroundService
{
    readonly Turn _turn = shift.NewTurn();

    public override async Task StartAsync(CancellationToken cancellationToken) => await base.StartAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _turn.Begun;
        // Only now, and synchronous: whatever the host or the agent does about the end of this comes before the host is stopped.
        _ = ExecuteTask!.ContinueWith(_ => _turn.End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Shift.Note("bread_is_baked");
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        Shift.Note("oven_is_off");
        return base.StopAsync(cancellationToken);
    }
}

/// <summary>A generic one that hears of everything, and does something asynchronous first and last.</summary>
sealed class Gates<T> : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Shift.Note("gates_are_shut");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Shift.Note("gates_are_open");
    }
}

/// <summary>Stands before another one.</summary>
sealed class Wrapper(IHostedService inner) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);
}

/// <summary>Fails while the host goes on, which ends the host.</summary>
sealed class Burglar(Shift shift) : BackgroundService
{
    readonly Turn _turn = shift.NewTurn();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _turn.Begun;
        _turn.End();
        throw new InvalidOperationException("The window is broken.");
    }
}

/// <summary>Cannot be started.</summary>
sealed class Sleeper : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("It is too early.");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Fails when it is stopped.</summary>
sealed class Grump : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException("Not yet.");
        }
    }
}
