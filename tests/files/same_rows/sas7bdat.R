# Made once, with haven 2.5.1: Rscript sas7bdat.R. No Python library writes this format. The rows are invented.
library(haven)

read <- function(form) read.csv(paste0(form, ".csv"), colClasses = "character", na.strings = "", encoding = "UTF-8")
shown <- function(values, format) structure(as.numeric(values), format.sas = format)
day <- function(text) as.Date(text) - as.Date("1960-01-01")
moment <- function(text) difftime(as.POSIXct(text, tz = "UTC", format = "%Y-%m-%dT%H:%M:%S"),
                                  as.POSIXct("1960-01-01", tz = "UTC"), units = "secs")
blank <- function(frame) { # a text that is missing is blank in SAS
  for (name in names(frame)) if (is.character(frame[[name]])) frame[[name]][is.na(frame[[name]])] <- ""
  frame
}

demog <- read("DEMOG")
demog$AGE <- as.numeric(demog$AGE)
demog$INFORMED_DATE <- shown(day(demog$INFORMED_DATE), "DATE9")
clock <- strsplit(demog$INFORMED_TIME, ":")
demog$INFORMED_TIME <- shown(sapply(clock, function(part) sum(as.numeric(part) * c(3600, 60))), "TIME5")
write_sas(blank(demog), "demog.sas7bdat")

ae <- read("AE")
ae$RECORDID <- as.numeric(ae$RECORDID)
write_sas(blank(ae), "ae.sas7bdat")

lab <- read("LAB")
lab$COLLECTED <- shown(moment(lab$COLLECTED), "DATETIME20")
for (name in c("RECORDID", "HGB", "CREATININE")) lab[[name]] <- as.numeric(lab[[name]])
lab$HGB[lab$RECORDID == 5] <- tagged_na("A") # a special missing value of SAS
write_sas(blank(lab), "lab.sas7bdat")
