//! `satchel bundle …`: what an operator does with a stick. Owns the rule that nothing is taken in
//! before its size and summary have been shown and agreed to.

use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;
use jiff::Timestamp;
use satchel_server::{
    Signer, SqliteStore, Store as _,
    bundle::{Contents, Export, Import, StickError, Theirs, inspect},
    host::now,
    relay::settle_identity,
};
use satchel_wire::{AgencyId, Millis, Roster, bundle::Maker};

/// What to do with a file.
#[derive(Subcommand)]
pub enum Bundle {
    /// Write what this relay holds into a file, also while the relay runs.
    Export {
        /// The database file.
        #[arg(long, value_name = "PATH")]
        db: PathBuf,
        /// The file; nothing may be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Leave out what the maker of this file held: the last one that came from the other site.
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
        /// Which agency, if this relay keeps several.
        #[arg(long)]
        agency: Option<AgencyId>,
    },
    /// Show who made a file, when, and what is in it.
    Inspect {
        /// The file.
        file: PathBuf,
        /// Also tell what of it is new here.
        #[arg(long, value_name = "PATH")]
        db: Option<PathBuf>,
    },
    /// Take a file in, also while the relay runs.
    Import {
        /// The database file.
        #[arg(long, value_name = "PATH")]
        db: PathBuf,
        /// The file.
        file: PathBuf,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// The agency is not kept here yet: begin to.
        #[arg(long)]
        new_agency: bool,
    },
}

pub fn run(what: Bundle) -> Result<()> {
    match what {
        Bundle::Export {
            db,
            out,
            since,
            agency,
        } => export(&db, &out, since.as_deref(), agency),
        Bundle::Inspect { file, db } => {
            show(&file, &look(&file, db.as_deref())?, db.is_some());
            Ok(())
        }
        Bundle::Import {
            db,
            file,
            yes,
            new_agency,
        } => import(&db, &file, yes, new_agency),
    }
}

fn random() -> Result<[u8; 16]> {
    let mut name = [0; 16];
    getrandom::fill(&mut name)?;
    Ok(name)
}

fn open(file: &Path) -> Result<File> {
    File::open(file).with_context(|| format!("cannot open {}", file.display()))
}

fn look(file: &Path, db: Option<&Path>) -> Result<Contents> {
    let mut source = open(file)?;
    let Some(db) = db else {
        return Ok(inspect(&mut source, None)?);
    };
    ensure!(db.exists(), "there is no database at {}", db.display());
    let store = SqliteStore::open_reader(db)?;
    Ok(store.read(|read| Ok(inspect(&mut source, Some(read))))??)
}

fn export(db: &Path, out: &Path, since: Option<&Path>, agency: Option<AgencyId>) -> Result<()> {
    ensure!(db.exists(), "there is no database at {}", db.display());
    ensure!(
        !out.exists(),
        "there is a file at {} already",
        out.display()
    );
    let store = SqliteStore::open_reader(db)?;
    let theirs = match since {
        Some(since) => look(since, None)?.theirs,
        None => Theirs::default(),
    };
    let (identity, agencies) = store.read(|read| Ok((read.identity()?, read.agencies()?)))?;
    let signer = Signer::from_identity(identity.context("this database was never served")?)?;
    let agency = match (agency, agencies.as_slice()) {
        (Some(agency), all) if all.contains(&agency) => agency,
        (None, [only]) => *only,
        (None, []) => bail!("no agency is kept here"),
        (None, _) => bail!("several agencies are kept here: name one with --agency"),
        (Some(_), _) => bail!("that agency is not kept here"),
    };
    // Not under its name until it is whole: half a file on a stick would be taken for one.
    let mut partial = out.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let work = Export {
        agency,
        theirs: &theirs,
        signer: &signer,
        at: now(),
        bundle: random()?,
    };
    let file =
        File::create(&partial).with_context(|| format!("cannot write {}", partial.display()))?;
    let mut file = BufWriter::new(file);
    let written = store.read(|read| work.run(read, &mut file))?;
    let done = written.and_then(|done| {
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(&partial, out)?;
        Ok(done)
    });
    if done.is_err() {
        // What is half written is of no use; whether it can be removed changes nothing.
        let _ = fs::remove_file(&partial);
    }
    let done = done?;
    println!(
        "{}: {} envelopes, {} registers, {} grants of {} streams; {} bytes",
        out.display(),
        done.envelopes,
        done.registers,
        done.grants,
        done.streams,
        done.bytes
    );
    Ok(())
}

fn import(db: &Path, file: &Path, yes: bool, new_agency: bool) -> Result<()> {
    ensure!(db.exists(), "there is no database at {}", db.display());
    let contents = look(file, Some(db))?;
    show(file, &contents, true);
    let mut store = SqliteStore::open(db)?;
    let identity = store.read(|read| read.identity())?;
    let signer = settle_identity(
        &mut store,
        identity.context("this database was never served")?,
    )?;
    let made_here = contents
        .head
        .as_ref()
        .is_some_and(|head| matches!(head.maker, Maker::Relay { key, .. } if key == signer.key()));
    if made_here {
        return Err(StickError::OwnFile.into());
    }
    let agency = contents.agency.ok_or(StickError::NoBundle)?;
    let known = store.read(|read| read.stream(Roster::log(agency)))?;
    if known.is_none() && !new_agency {
        return Err(StickError::UnknownAgency.into());
    }
    if !yes && !agreed()? {
        println!("nothing was changed");
        return Ok(());
    }
    let import = Import {
        store: &mut store,
        contents: &contents,
        founds: new_agency,
        at: now(),
    };
    let taken = import.run(&mut open(file)?)?;
    println!(
        "taken in: {} envelopes; {} were here already; {} registers and grants",
        taken.stored, taken.known, taken.kept
    );
    for (refusal, count) in &taken.refused {
        println!("refused: {count}, {refusal}");
    }
    if taken.damaged > 0 {
        println!(
            "damaged parts left out: {}; the other site's next file brings what was in them",
            taken.damaged
        );
    }
    Ok(())
}

fn agreed() -> Result<bool> {
    ensure!(
        io::stdin().is_terminal(),
        "nobody is there to agree: --yes goes on without asking"
    );
    print!("take this in? [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn at(time: Millis) -> String {
    let time = i64::try_from(time.0).ok();
    let time = time.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    time.map_or_else(|| "an unknown time".to_owned(), |time| format!("{time:.0}"))
}

fn maker(maker: &Maker) -> String {
    match maker {
        Maker::Relay { key, .. } => format!("relay {key}"),
        Maker::Tablet(profile) => format!("tablet {profile}"),
    }
}

fn show(file: &Path, contents: &Contents, compared: bool) {
    println!("file        {}, {} bytes", file.display(), contents.bytes);
    match &contents.head {
        Some(head) => {
            println!("made by     {}", maker(&head.maker));
            println!("made at     {}", at(head.at));
            if let Some((whose, when)) = &head.since {
                println!("leaves out  what {} held at {}", maker(whose), at(*when));
            }
        }
        None => println!("made by     unknown: the beginning of the file is damaged"),
    }
    if let Some(agency) = contents.agency {
        println!("agency      {agency}");
    }
    let signature = match (contents.whole, contents.signed) {
        (true, true) => "its maker's",
        (true, false) => "none that holds: who made it is not proven",
        (false, _) => "none: the end of the file is missing or damaged",
    };
    println!("signature   {signature}");
    let (all, fresh) = contents.envelopes();
    let new = if compared {
        format!(", {fresh} of them new here")
    } else {
        String::new()
    };
    println!(
        "holds       {all} envelopes of {} streams{new}; {} registers, {} grants",
        contents.streams.len(),
        contents.registers,
        contents.grants
    );
    for problem in &contents.problems {
        println!("problem     {problem}");
    }
}
