//! Tells cargo when to embed the app anew. The app need not be there: the relay then says so.

fn main() {
    // A path that does not exist would rebuild the server every time; `web` changes when it comes.
    let dist = std::path::Path::new("../web/dist");
    let watched = if dist.exists() {
        "../web/dist"
    } else {
        "../web"
    };
    println!("cargo:rerun-if-changed={watched}");
    println!("cargo:rerun-if-changed=build.rs");
}
