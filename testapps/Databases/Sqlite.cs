using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Databases;

/// <summary>SQLite by each of the two libraries, and by commands that wrap those of another.</summary>
static class Sqlite
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/sqlite/microsoft", (string name) => Use(new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:"), name, static command => command));
        app.MapGet("/sqlite/system", (string name) => Use(new System.Data.SQLite.SQLiteConnection("Data Source=:memory:"), name, static command => command));
        app.MapGet("/sqlite/ef", async (string name) =>
        {
            await using var readers = new ReadersContext(new DbContextOptionsBuilder<ReadersContext>().UseSqlite("Data Source=:memory:").Options);
            await readers.Database.OpenConnectionAsync();
            await readers.Database.EnsureCreatedAsync();
            return await readers.Readers.CountAsync(reader => reader.Name == name);
        });
        app.MapGet("/sqlite/wrapped", (string name) => Use(new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:"), name, static command => new CountingCommand(command)));
    }

    static async Task<object?> Use(DbConnection connection, string name, Func<DbCommand, DbCommand> wrap)
    {
        await using (connection)
        {
            await connection.OpenAsync();
            await using var create = wrap(Command(connection, "CREATE TABLE readers (name TEXT)"));
            create.ExecuteNonQuery();
            await using var insert = wrap(Command(connection, "INSERT INTO readers VALUES ($name)"));
            var parameter = insert.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("$name", name);
            insert.Parameters.Add(parameter);
            await insert.ExecuteNonQueryAsync();
            await using var select = wrap(Command(connection, $"SELECT name FROM readers WHERE name <> '{name}2'"));
            await using (var reader = await select.ExecuteReaderAsync())
                await reader.ReadAsync();
            return await select.ExecuteScalarAsync();
        }
    }

    static DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
