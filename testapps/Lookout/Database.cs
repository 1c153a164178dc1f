using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Lookout;

/// <summary>The one that all share, and how many commands it has got: Npgsql logs each.</summary>
sealed class Database : ILoggerProvider
{
    readonly SemaphoreSlim _commands = new(0);

    public Database(string connection)
    {
        Connection = connection;
        var log = LoggerFactory.Create(logging => logging.AddProvider(this));
        NpgsqlLoggingConfiguration.InitializeLogging(log);
        Source = new NpgsqlDataSourceBuilder(connection).UseLoggerFactory(log).Build();
    }

    public string Connection { get; }

    /// <summary>The same, for those who would otherwise make one that does not log.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Waits until there have been so many more.</summary>
    public async Task Idle(int commands)
    {
        while (_commands.Wait(0))
        {
        }
        for (var i = 0; i < commands; i++)
            await _commands.WaitAsync();
    }

    /// <summary>What the app itself wants of it.</summary>
    public async Task Ask()
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_database", connection);
        await command.ExecuteScalarAsync();
    }

    public ILogger CreateLogger(string categoryName) => categoryName == "Npgsql.Command" ? new Counter(_commands) : NullLogger.Instance;

    public void Dispose()
    {
        Source.Dispose();
        _commands.Dispose();
    }

    sealed class Counter(SemaphoreSlim commands) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name?.EndsWith("CommandExecutionCompleted", StringComparison.Ordinal) == true)
                commands.Release();
        }
    }
}
