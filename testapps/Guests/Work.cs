using System.Data;
using System.Data.Common;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Caching.Memory;

namespace Guests;

/// <summary>What a plugin does: a database, also by a class of its own, a cache, authorization of a resource, an exception.</summary>
public static class Work
{
    public static async Task Do(HttpContext context)
    {
        using (var connection = new SqliteConnection("Data Source=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync();
            using var own = new OwnCommand(command);
            own.ExecuteScalar();
        }
        using var cache = new MemoryCache(new MemoryCacheOptions());
        cache.GetOrCreate("key", _ => new Room(7));
        try
        {
            throw new RoomException("taken");
        }
        catch (RoomException)
        {
            await Task.Yield();
        }
        if (context.RequestServices.GetService<IAuthorizationService>() is { } authorization)
            await authorization.AuthorizeAsync(context.User, new Room(7), new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
    }
}

sealed record Room(int Number);

sealed class RoomException(string message) : Exception(message);

/// <summary>Hands on to another command.</summary>
sealed class OwnCommand(DbCommand inner) : DbCommand
{
    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string CommandText { get => inner.CommandText; set => inner.CommandText = value; }
    public override int CommandTimeout { get; set; }
    public override CommandType CommandType { get; set; } = CommandType.Text;
    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    protected override DbConnection? DbConnection { get; set; }
    protected override DbParameterCollection DbParameterCollection => inner.Parameters;
    protected override DbTransaction? DbTransaction { get; set; }
    public override void Cancel() => inner.Cancel();
    public override int ExecuteNonQuery() => inner.ExecuteNonQuery();
    public override object? ExecuteScalar() => inner.ExecuteScalar();
    public override void Prepare() => inner.Prepare();
    protected override DbParameter CreateDbParameter() => inner.CreateParameter();
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => inner.ExecuteReader(behavior);
}
