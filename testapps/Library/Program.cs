using Library.Filters;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllersWithViews(options => options.Filters.Add<TimingFilter>());
builder.Services.AddScoped<MembersOnlyFilter>();

var app = builder.Build();
app.UseExceptionHandler("/Books/Error");
app.MapControllerRoute("default", "{controller=Books}/{action=Index}/{id?}");
app.Run();
