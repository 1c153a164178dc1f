using Ledger;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<LedgerContext>(options => options.UseSqlite("Data Source=:memory:"));
var app = builder.Build();
app.MapGet("/", (LedgerContext ledger) => ledger.Database.GenerateCreateScript());
app.Run();

namespace Ledger
{
    sealed record Entry(int Id, string Text);

    sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
    {
        public DbSet<Entry> Entries => Set<Entry>();
    }
}
