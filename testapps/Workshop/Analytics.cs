using ClickHouse.Driver.ADO;
using DuckDB.NET.Data;

namespace Workshop;

/// <summary>Databases for analysis: DuckDB in memory, ClickHouse over HTTP.</summary>
static class Analytics
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/duckdb", (string name) =>
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT '{name}'";
            return command.ExecuteScalar();
        });
        if (app.Configuration["Workshop:ClickHouse"] is not { } server)
            return;
        app.MapGet("/clickhouse", async (string name) =>
        {
            await using var connection = new ClickHouseConnection(server);
            await using var command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO readers FORMAT CSV\n1,{name}";
            return await command.ExecuteNonQueryAsync();
        });
    }
}
