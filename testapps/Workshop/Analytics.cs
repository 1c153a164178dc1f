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
        app.MapGet("/duckdb/appender", async (string name) =>
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE readers (name VARCHAR)";
            command.ExecuteNonQuery();
            using (var appender = connection.CreateAppender("readers"))
                appender.CreateRow().AppendValue(name).EndRow();
            command.CommandText = "SELECT name FROM readers";
            using var stream = command.ExecuteArrowStream();
            return (await stream.ReadNextRecordBatchAsync())?.Length;
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
        app.MapGet("/clickhouse/client", async (string name) =>
        {
            using var client = new ClickHouse.Driver.ClickHouseClient(server);
            using var rows = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"1,{name}"));
            (await client.InsertRawStreamAsync("readers", rows, "CSV")).Dispose();
            await client.InsertBinaryAsync("readers", ["name"], [[name]], new ClickHouse.Driver.InsertOptions { ColumnTypes = new Dictionary<string, string> { ["name"] = "String" } });
            return await client.ExecuteNonQueryAsync($"DELETE FROM readers WHERE name = '{name}'");
        });
    }
}
