using Microsoft.EntityFrameworkCore;

namespace Storefront.Data;

/// <summary>
/// Creates and seeds the database at start, and keeps one connection open until the app stops:
/// an in-memory SQLite database lives only as long as somebody is connected to it.
/// </summary>
public sealed class ShopDatabase(IServiceScopeFactory scopes) : IHostedService, IDisposable
{
    public const string InMemory = "Data Source=Storefront;Mode=Memory;Cache=Shared";

    private IServiceScope? _scope;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _scope = scopes.CreateScope();
        var database = _scope.ServiceProvider.GetRequiredService<ShopContext>().Database;
        await database.OpenConnectionAsync(cancellationToken);
        await database.EnsureCreatedAsync(cancellationToken);

        // In a file, lets readers and a writer work at the same time; in memory it has no effect.
        await database.ExecuteSqlAsync($"PRAGMA journal_mode = 'wal'", cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _scope?.Dispose();
}
